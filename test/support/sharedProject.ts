import { DEFAULT_FILE, readFixture } from "./fixture.js";
import { createMemoryProject, type MemoryProject } from "./memoryProject.js";

/**
 * Fixtures of one file take turns in one workspace, as texts of a document that is edited: parsing the language's
 * library for each of them would take most of the time of a test run.
 */
export class SharedProject {
  private readonly versions = new Map<MemoryProject, number>();

  /** Facts and nodes of the fixture before are then out of date. */
  open(source: string): MemoryProject {
    const fixture = readFixture(source);
    if (fixture.files.size > 1 || fixture.main !== DEFAULT_FILE) return createMemoryProject(source);
    const [shared = createMemoryProject(source)] = this.versions.keys();
    const version = (this.versions.get(shared) ?? 1) + 2;
    this.versions.set(shared, version);
    shared.workspace.changeDocument(fixture.main, fixture.files.get(fixture.main) ?? "", version);
    return { ...shared, fixture };
  }
}
