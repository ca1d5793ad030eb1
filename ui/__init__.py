"""The chat window. Builds on `api`, whose engine it shares, and on `rag`.

Gradio reads its switches when it is first imported, so they are set here, before any module of
this package imports it: nothing is sent to its makers and nothing is offered to be shared.
"""

import os

os.environ |= {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
