import { installBrowser } from "./browser.js";

/** Run before the tests of `npm test`, so that those of the page find a browser on a fresh machine, too. */
const missing = installBrowser();
console.log(missing === null ? "There is a Chromium." : `SKIPPED the tests of the page in a browser: ${missing}.`);
