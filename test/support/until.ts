const STEP_MS = 5;

/** Waits for something that another process brings about; the test's own time limit is the only one. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
}
