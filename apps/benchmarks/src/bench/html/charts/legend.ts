// The symbols of the peers with their names, for plots that cannot name them beside their figures.
import { dot, text } from "@observablehq/plot";
import type { Look } from "../palette.ts";
import { type Figure, frame, radius, widthOf } from "./frame.ts";

const LINE = 20;

interface Place {
  readonly peer: string;
  readonly x: number;
  readonly y: number;
}

export function legend(
  peers: readonly string[],
  looks: ReadonlyMap<string, Look>,
  width: number,
): Figure {
  const places: Place[] = [];
  let x = 0;
  let y = 0;
  for (const peer of peers) {
    const room = widthOf(peer) + 36;
    if (x > 0 && x + room > width) {
      x = 0;
      y++;
    }
    places.push({ peer, x, y });
    x += room;
  }
  const height = (y + 1) * LINE;
  const look = ({ peer }: { peer: string }): Look => looks.get(peer)!;
  return {
    ...frame(width, height),
    margin: 0,
    x: { type: "identity", axis: null },
    y: { type: "identity", axis: null },
    symbol: { type: "identity" },
    marks: [
      dot(places, {
        x: (place: Place) => place.x + 8,
        y: (place: Place) => place.y * LINE + LINE / 2,
        fill: (place: Place) => look(place).color,
        stroke: (place: Place) => look(place).color,
        symbol: (place: Place) => look(place).symbol,
        r: (place: Place) => radius(look(place), 4.5),
      }),
      text(places, {
        x: (place: Place) => place.x + 20,
        y: (place: Place) => place.y * LINE + LINE / 2,
        text: "peer",
        textAnchor: "start",
      }),
    ],
  };
}
