// A provider's build: it verifies what the broker says, and publishes the results.
// The one argument is JSON: options of the Verifier, and the paths that the provider does not have.
const http = require("node:http");
const { Verifier } = require("@pact-foundation/pact");

const { missing, ...options } = JSON.parse(process.argv[2]);
const server = http.createServer((request, response) => {
  response.statusCode = missing.includes(request.url) ? 404 : 200;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ name: request.url.slice(1) }));
});

server.listen(0, "127.0.0.1", async () => {
  const providerBaseUrl = `http://127.0.0.1:${server.address().port}`;
  try {
    await new Verifier({ ...options, providerBaseUrl, logLevel: "error" }).verifyProvider();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    server.close();
  }
});
