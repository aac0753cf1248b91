/** Takes the folder that it is given whenever it is told to, and says what came of it. */
import { FanoutError } from "../../../runtime/src/errors.js";
import { takeOwnership } from "../../../runtime/src/store/owner.js";

const [, , dir = ""] = process.argv;

process.on("message", () => {
  takeOwnership(dir).then(
    (owner) => {
      process.send?.("taken");
      owner.serve(({ type }) => process.send?.(type));
    },
    (thrown: unknown) => process.send?.(FanoutError.is(thrown) ? thrown.code : String(thrown)),
  );
});
process.send?.("ready");
