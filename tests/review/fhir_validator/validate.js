// Reads one Bundle a line, answers with one line each: what the validator of the npm package `fhir` says of it.
const readline = require("node:readline");
const { Fhir } = require("fhir");

const validator = new Fhir();

/** The Bundle with every reference as Type/id, so that the validator checks what it may refer to. */
function typed(bundle) {
  const types = new Map(bundle.entry.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]));
  return JSON.parse(JSON.stringify(bundle), (key, value) => (key === "reference" && types.get(value)) || value);
}

function messages(bundle) {
  const found = [bundle, typed(bundle)].flatMap((one) => validator.validate(one, { errorOnUnexpected: true }).messages);
  return found.map(({ severity, location, message }) => ({ severity, location, message }));
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(messages(JSON.parse(line)))}\n`);
});
