import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";

/**
 * The only file that knows `@vscode/webview-ui-toolkit` (deprecated upstream, pinned): whoever replaces it replaces
 * these elements.
 */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());
}

export interface ToolkitButton extends HTMLElement {
  disabled: boolean;
}

export function button(label: string, appearance: "primary" | "secondary", press: () => void): ToolkitButton {
  const created = document.createElement("vscode-button") as ToolkitButton;
  created.setAttribute("appearance", appearance);
  created.textContent = label;
  created.addEventListener("click", press);
  return created;
}

export interface Dropdown {
  readonly element: HTMLElement;
  show(values: readonly string[], chosen: string): void;
}

export function dropdown(label: string, choose: (value: string) => void): Dropdown {
  const created = document.createElement("vscode-dropdown") as HTMLElement & { value: string };
  created.setAttribute("aria-label", label);
  created.addEventListener("change", () => {
    choose(created.value);
  });
  return {
    element: created,
    show: (values, chosen) => {
      const shown = [...created.children].map((option) => option.textContent);
      if (shown.join("\n") !== values.join("\n")) created.replaceChildren(...values.map(option));
      if (created.value !== chosen) created.value = chosen;
    },
  };
}

export function progressRing(label: string): HTMLElement {
  const created = document.createElement("vscode-progress-ring");
  created.setAttribute("aria-label", label);
  return created;
}

function option(value: string): HTMLElement {
  const created = document.createElement("vscode-option");
  created.setAttribute("value", value);
  created.textContent = value;
  return created;
}
