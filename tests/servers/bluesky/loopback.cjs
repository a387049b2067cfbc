// Preloaded before the network: a server that names no host listens on 127.0.0.1 instead of on every interface.
const net = require("node:net");

const listen = net.Server.prototype.listen;
const isPort = (value) => value === undefined || typeof value === "number" || /^\d+$/.test(String(value));

net.Server.prototype.listen = function (...args) {
  const [first, second] = args;
  if (first && typeof first === "object" && !Array.isArray(first)) {
    if (first.port !== undefined && !first.host) args[0] = { ...first, host: "127.0.0.1" };
  } else if (isPort(first) && typeof second !== "string") {
    args.splice(1, second === undefined || second === null ? 1 : 0, "127.0.0.1");
  }
  return listen.apply(this, args);
};
