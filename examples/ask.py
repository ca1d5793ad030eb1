"""Ask with Python alone, and print the answer with its sources.

python examples/ask.py "How many fighters crossed the border in 2019?"

ISNAD_URL says where Isnad is, ISNAD_KEY holds an API key where one is needed.
"""

import json
import os
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

URL = os.environ.get("ISNAD_URL", "http://127.0.0.1:8000")
KEY = os.environ.get("ISNAD_KEY", "")


def ask(question: str) -> dict[str, Any]:
    """The body of the answer; README.md and /docs describe it."""
    request = Request(f"{URL}/ask", json.dumps({"question": question}).encode())
    request.add_header("Content-Type", "application/json")
    if KEY:
        request.add_header("Authorization", f"Bearer {KEY}")
    with urlopen(request, timeout=60) as response:
        body: dict[str, Any] = json.load(response)
    return body


def main() -> None:
    """Ask, and print."""
    try:
        answer = ask(sys.argv[1])
    except HTTPError as error:
        problem = json.load(error)
        sys.exit(f"{problem['title']}: {problem['detail']}")
    print(answer["answer"], end="\n\n")
    for source in answer["citations"]:
        title = source["article"]["title"] or source["article"]["filename"]
        print(f"[{source['number']}] {title}: {URL}{source['view_url']}")


if __name__ == "__main__":
    main()
