"""Custom actions inside the chat server: Rasa's action endpoint without HTTP in between."""

import asyncio
import json
from typing import Any, Dict, Optional, Sequence

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.dialogue.current_turn import note_failure

SECONDS_PER_ACTION = 5.0


class InProcessActions(EndpointConfig):
    """An action endpoint whose request runs the action here and answers as the HTTP server would."""

    def __init__(self, actions: Sequence[Action], seconds: float = SECONDS_PER_ACTION) -> None:
        super().__init__(url="inprocess://actions", enable_selective_domain=True)
        self._seconds = seconds
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Optional[Dict[str, Any]]:
        call = kwargs["json"]
        name = call.get("next_action")
        try:
            return await asyncio.wait_for(self._executor.run(call), self._seconds)
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": rejection.message})
            raise ClientResponseError(400, "rejected", body) from rejection
        except ActionNotFoundException as missing:
            note_failure(missing)
            raise ClientResponseError(404, "no such action", json.dumps({"action_name": name})) from missing
        except Exception as error:
            note_failure(error)
            raise
