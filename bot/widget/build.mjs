// Builds dist/backplan-chat.js out of src; with --check only tells whether the committed file is what src gives.

import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const MOST_BYTES_PACKED = 15 * 1024;
const target = new URL("dist/backplan-chat.js", import.meta.url);

// Names that only our own modules use: no page, no server and no clinic's `strings` ever sees them.
const INTERNAL = [
  "showPending", "numberPending", "markPending", "dropPending", "dropUnnumbered", "offerChanges", "isSending", "isAtEnd",
  "scrollToEnd", "rememberChat", "forgetChat", "isAboutChat", "keepUnsent", "dropUnsent", "keepDraft", "openSession",
  "sendMessage", "messagesAfter", "messageStream", "telegramLink", "deviceLink", "complain", "giveBack", "beginAnew",
  "retryAfter", "screen", "memory", "draft", "passes", "tell", "api", "heard", "hide", "wipe", "sent", "refused", "expect", "offers",
  "shape", "meant", "show", "clear", "end", "flush", "stop", "head", "by", "spoken", "weighty",
];

const packedStyles = {
  name: "styles as text",
  setup(setup) {
    setup.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true, target: "chrome120" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const { outputFiles: [file] } = await build({
  entryPoints: [new URL("src/chat.js", import.meta.url).pathname],
  bundle: true,
  format: "esm",
  minify: true,
  mangleProps: new RegExp(`^(?:${INTERNAL.join("|")})$`),
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  plugins: [packedStyles],
  write: false,
});

const packed = gzipSync(file.contents, { level: 9 }).length;
if (packed > MOST_BYTES_PACKED) {
  console.error(`The widget weighs ${packed} bytes gzipped; ${MOST_BYTES_PACKED} are allowed.`);
  process.exit(1);
}
if (process.argv.includes("--check")) {
  const committed = await readFile(target).catch(() => Buffer.alloc(0));
  if (!committed.equals(Buffer.from(file.contents))) {
    console.error("bot/widget/dist/backplan-chat.js is not what bot/widget/src gives. Run: npm run build --prefix bot/widget");
    process.exit(1);
  }
} else {
  await writeFile(target, file.contents);
}
console.log(`${file.contents.length} bytes, ${packed} gzipped`);
