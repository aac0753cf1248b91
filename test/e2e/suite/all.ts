import "./language.test.js";
import "./commands.test.js";
