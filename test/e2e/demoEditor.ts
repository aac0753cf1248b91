import path from "node:path";
import { fileURLToPath } from "node:url";
import { builtVsix } from "./builtVsix.js";
import { installHost } from "./host/installHost.js";
import { makeProfile } from "./host/profile.js";
import { installVsix, startServer } from "./host/vscodeServer.js";

/** A real VS Code on 127.0.0.1 with the built extension and the examples, until Ctrl-C. Started by scripts/demoEditor.mjs. */
const root = fileURLToPath(new URL("../..", import.meta.url));

const missing = installHost();
if (missing === null) await serve();
else {
  console.log(`The editor cannot be shown here: ${missing}.`);
  console.log(`Install ${path.relative(root, builtVsix())} into a VS Code of your own and open the folder 'examples'.`);
}

async function serve(): Promise<void> {
  const profile = makeProfile();
  installVsix(profile, builtVsix());
  const server = await startServer(profile);
  const examples = encodeURIComponent(path.join(root, "examples"));
  console.log(`\nOpen ${server.origin}/?folder=${examples}\nCtrl-C ends it.`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  await server.stop();
  profile.remove();
}
