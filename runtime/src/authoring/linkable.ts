import { linkDownstream, linkUpstream } from "./dependencies.js";
import { markSetup, markTeardown } from "./setupTeardown.js";
import { callerOfMethod } from "./sourcePoint.js";

/** What can be said of a task by whatever stands for it, behind the types that people see. */
export abstract class Linkable {
  set_downstream(other: unknown): void {
    linkDownstream(this, other, callerOfMethod(this, "set_downstream"));
  }

  set_upstream(other: unknown): void {
    linkUpstream(this, other, callerOfMethod(this, "set_upstream"));
  }

  as_setup(): this {
    markSetup(this, callerOfMethod(this, "as_setup"));
    return this;
  }

  as_teardown(args?: unknown): this {
    markTeardown(this, args, callerOfMethod(this, "as_teardown"));
    return this;
  }
}
