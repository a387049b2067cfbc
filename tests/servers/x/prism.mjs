// Prism over each contract named on the command line. Prints their addresses as one JSON line, and ends on SIGTERM.
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const require = createRequire(join(process.env.PRISM_HOME, "package.json"));
const { getHttpOperationsFromSpec } = require("@stoplight/prism-cli/dist/operations.js");
const { createServer } = require("@stoplight/prism-http-server");
const { createLogger } = require("@stoplight/prism-core");

const config = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  mock: { dynamic: true },
  errors: false,
  upstreamProxy: undefined,
};
const logger = createLogger("prism", { level: "silent" });
const addresses = {};
for (const contract of process.argv.slice(2)) {
  const server = createServer(await getHttpOperationsFromSpec(contract), { components: { logger }, cors: false, config });
  addresses[basename(contract, ".json")] = await server.listen(0, "127.0.0.1");
}
console.log(JSON.stringify(addresses));
process.on("SIGTERM", () => process.exit(0));
