// What the page shows of a run: its progress, and the report so far.
import { reportParts } from "../../bench/html/page.ts";
import type { BenchResult } from "../../bench/result.ts";
import type { Progress } from "../../progress.ts";
import { byId } from "./form.ts";

/** Milliseconds between two drawings of the report. Drawing takes a part of that. */
const BETWEEN = 1000;

export class View implements Progress {
  current: string | undefined;
  #drawn = Number.NEGATIVE_INFINITY;

  begin(title: string): void {
    this.current = title;
    byId("running").hidden = false;
    this.#say(title, 0);
  }

  update(done: number, total: number, detail?: string): void {
    this.#say(detail === undefined ? this.current! : `${this.current}: ${detail}`, done / total);
  }

  done(): void {
    this.current = undefined;
  }

  fail(): void {
    this.current = undefined;
  }

  /** Draws the report, unless it was drawn a moment ago. Nothing is measured meanwhile. */
  drawSoon(result: () => BenchResult): void {
    if (performance.now() - this.#drawn < BETWEEN) return;
    this.draw(result(), true);
    this.#drawn = performance.now();
  }

  draw(result: BenchResult, running = false): void {
    const report = byId("report");
    const details = (): HTMLDetailsElement[] => Array.from(report.querySelectorAll("details"));
    // What the reader has opened stays open, and in its place.
    const opened = new Set(details().flatMap((each) => (each.open ? [placeOf(each)] : [])));
    report.style.minHeight = `${report.offsetHeight}px`;
    const { navigation, sections } = reportParts(result, running);
    report.innerHTML = `${navigation}<main>${sections}</main>`;
    for (const each of details()) each.open = opened.has(placeOf(each));
    report.style.minHeight = "";
  }

  /** The last words about a run. */
  end(words: string): void {
    byId("running").hidden = false;
    this.#say(words, 1);
  }

  #say(words: string, share: number): void {
    byId("status").textContent = words;
    byId<HTMLProgressElement>("progress").value = Number.isFinite(share) ? share : 0;
  }
}

function placeOf(details: HTMLDetailsElement): string {
  const section = details.closest("section")?.getAttribute("aria-labelledby");
  return `${section} ${details.querySelector("summary")?.textContent}`;
}

export function plotsShown(): number {
  return byId("report").querySelectorAll("svg").length;
}
