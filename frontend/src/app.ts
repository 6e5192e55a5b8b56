/* What every page gets: fragments, the search key, menus that close, and a question before typed words are lost. */
import htmx from "htmx.org";
import { askBeforeLeaving } from "./behaviour/leaving";
import { sayWhatCalls } from "./behaviour/called";
import { closeMenus } from "./behaviour/menus";
import { focusSearch } from "./behaviour/search";
import { sayWhenOffline } from "./behaviour/offline";
import { submitOnChange } from "./behaviour/filters";
import { wipeAtSignOut } from "./offline/signout";

// The content security policy allows neither evaluated code nor styles added by a script.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;

focusSearch();
closeMenus();
askBeforeLeaving();
sayWhenOffline();
submitOnChange();
wipeAtSignOut();
sayWhatCalls();
document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
