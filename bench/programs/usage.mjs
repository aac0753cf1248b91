// Imported before a program that is measured: tells at its end what its process took, its own children left out.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const usage = { cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024 };
  writeFileSync(process.env["USAGE_FILE"] ?? "", JSON.stringify(usage));
});
