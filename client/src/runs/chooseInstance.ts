import * as vscode from "vscode";
import {
  type InstanceChoice,
  type InstanceItem,
  type InstanceQuestion,
  instanceItems,
  withTyped,
} from "./instanceItems.js";

/** Lets the person choose or type an instance; undefined where they do not want to. */
export function chooseInstance(question: InstanceQuestion): Promise<InstanceChoice | undefined> {
  const pick = vscode.window.createQuickPick<InstanceItem>();
  pick.title = question.title;
  pick.placeholder = "An index, such as 0, or a name";
  const listed = instanceItems(question);
  pick.items = listed;
  pick.onDidChangeValue((text) => {
    pick.items = withTyped(listed, text.trim());
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item === undefined) return;
      resolve(item.choice);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
