// One whole Bluesky network on loopback. Prints its addresses as one JSON line, and ends on SIGTERM.
import dns from "node:dns";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { BLUESKY_HOME, SCHEMA, NAME_SERVER, PLC_PORT, PDS_PORT, APPVIEW_PORT, OZONE_PORT } = process.env;
dns.setServers([NAME_SERVER]); // who owns which domain handle
dns.promises.setServers([NAME_SERVER]);
const main = join(BLUESKY_HOME, "node_modules", "@atproto", "dev-env", "dist", "index.js");
const { TestNetwork } = await import(pathToFileURL(main).href);

const network = await TestNetwork.create({
  dbPostgresSchema: SCHEMA,
  plc: { port: Number(PLC_PORT) },
  pds: { port: Number(PDS_PORT), hostname: "localhost", inviteRequired: false },
  bsky: { port: Number(APPVIEW_PORT), publicUrl: `http://localhost:${APPVIEW_PORT}` },
  ozone: { port: Number(OZONE_PORT) },
});
const { plc, pds, bsky, ozone } = network;
console.log(JSON.stringify({ plc: plc.url, pds: pds.url, appview: bsky.url, ozone: ozone.url }));

const stop = async () => {
  try {
    await network.close();
  } finally {
    process.exit(0);
  }
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
