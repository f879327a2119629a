// A worker that only keeps the beat of the agent's pings.

const PING_MS = 15_000;

setInterval(() => postMessage(null), PING_MS);
