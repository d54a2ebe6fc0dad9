// A consumer's build: it records a contract with a mock of its provider.
// The one argument is JSON: the names of consumer and provider, and the folder for the contract.
const { PactV3 } = require("@pact-foundation/pact");

const { consumer, provider, folder } = JSON.parse(process.argv[2]);

async function main() {
  const mock = new PactV3({ consumer, provider, dir: folder, logLevel: "error" });
  mock
    .given("a exists")
    .uponReceiving("a request for a")
    .withRequest({ method: "GET", path: "/a" })
    .willRespondWith({ status: 200, body: { name: "a" } });
  await mock.executeTest(async (server) => {
    const answer = await fetch(`${server.url}/a`);
    if (answer.status !== 200) throw new Error(`the mock answered ${answer.status}`);
  });
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
