// Ask with JavaScript alone (Node, or a browser whose origin ISNAD_CORS_ORIGINS names), and print
// the answer as it comes, then its sources.
//
//     node examples/ask.mjs "How many fighters crossed the border in 2019?"
//
// ISNAD_URL says where Isnad is, ISNAD_KEY holds an API key where one is needed.
const url = process.env.ISNAD_URL ?? "http://127.0.0.1:8000";
const key = process.env.ISNAD_KEY;

async function* events(response) {
  let text = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const [, name, data] = block.match(/^event: (.*)\ndata: (.*)$/) ?? [];
      if (name) yield { name, data: JSON.parse(data) };
    }
  }
}

const response = await fetch(`${url}/ask`, {
  method: "POST",
  headers: { "Content-Type": "application/json", ...(key && { "X-API-Key": key }) },
  body: JSON.stringify({ question: process.argv[2], stream: true }),
});
if (!response.ok) {
  const problem = await response.json();
  console.error(`${problem.title}: ${problem.detail}`);
  process.exit(1);
}
const sources = [];
for await (const { name, data } of events(response)) {
  if (name === "delta") process.stdout.write(data.text);
  if (name === "citation") sources.push(data);
  if (name === "error") throw new Error(data.detail);
}
console.log("\n");
for (const { number, article, view_url } of sources) {
  console.log(`[${number}] ${article.title ?? article.filename}: ${url}${view_url}`);
}
