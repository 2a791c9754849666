// Uses the page as its user would, and tells the server what came of it.
import { checked, type Report } from "../checked.ts";
import { byId, setForm } from "./form.ts";
import { plotsShown } from "./view.ts";

/** What the buttons save. */
export interface Saved {
  readonly json: string;
  readonly html: string;
}

export async function checkThisPage(saved: () => Saved | undefined): Promise<void> {
  const errors: string[] = [];
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  setForm(checked);
  const start = byId<HTMLButtonElement>("start");
  let during = 0;
  const watch = new MutationObserver(() => {
    if (start.disabled) during = Math.max(during, plotsShown());
  });
  watch.observe(byId("report"), { childList: true });
  start.click();
  await new Promise<void>((resolve) => {
    const ended = new MutationObserver(() => {
      if (!start.disabled) resolve();
    });
    ended.observe(start, { attributes: true });
    // A form that refuses its values never starts.
    if (!start.disabled) resolve();
  });
  const failure = byId("failure");
  if (!failure.hidden) errors.push(failure.textContent!);
  const report: Report = {
    userAgent: navigator.userAgent,
    ...saved(),
    plots: [during, plotsShown()],
    errors,
  };
  await fetch("/report", { method: "POST", body: JSON.stringify(report) });
}
