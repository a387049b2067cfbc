// An OpenID provider on loopback. Its only argument is JSON: the client, and everybody's claims by log-in.
// Prints its address when it answers, and ends on SIGTERM.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.OIDC_HOME, "package.json"));
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
const { client, people } = JSON.parse(process.argv[2]);

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ grant_types: ["authorization_code"], response_types: ["code"], ...client }],
    claims: { openid: ["sub"], profile: ["name", "groups"] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ["only for tests on loopback"] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...(people[id] || {}) }),
    }),
  });
  server.on("request", provider.callback());
  console.log(`address ${issuer}`);
});
process.on("SIGTERM", () => process.exit(0));
