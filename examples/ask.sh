#!/bin/sh
# Ask with curl, and read the answer as it comes (server-sent events).
#
#     examples/ask.sh "How many fighters crossed the border in 2019?"
#
# ISNAD_URL says where Isnad is, ISNAD_KEY holds an API key where one is needed.
set -eu
url=${ISNAD_URL:-http://127.0.0.1:8000}

# JSON without a tool for it: what has to be escaped in a question on one line is these two.
question=$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')

exec curl --silent --show-error --fail-with-body --no-buffer "$url/ask" \
    --header 'Content-Type: application/json' \
    ${ISNAD_KEY:+--header "X-API-Key: $ISNAD_KEY"} \
    --data "{\"question\": \"$question\", \"stream\": true}"
