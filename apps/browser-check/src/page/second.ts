/*
 * A second page of the same site: a tab of its own, or a frame where the browser opens no tab unasked. It gets the address
 * `?role=ROLE&path=PATH&channel=NAME`, says hello on that channel, and then what came of its role.
 */

interface Message {
  readonly hello?: true;
  readonly answer?: string;
}

export interface Answer {
  readonly answer: string;
  /** Where the page was. */
  readonly place: string;
}

/** How long a tab may take to say hello, and a page to answer, in milliseconds. */
const HELLO = 5000;
const ANSWER = 60_000;

/** Lets a second page play a role, and returns what it says. */
export async function inSecondPage(role: string, path: string): Promise<Answer> {
  const tab = listen();
  window.open(addressOf(role, path, tab.name), "_blank", "noopener");
  if (await before(HELLO, tab.hello))
    return { answer: await answered(tab), place: "in another tab" };
  tab.channel.close();
  const frame = listen();
  const element = document.createElement("iframe");
  element.src = addressOf(role, path, frame.name);
  document.body.append(element);
  try {
    return { answer: await answered(frame), place: "in a frame" };
  } finally {
    element.remove();
  }
}

function addressOf(role: string, path: string, channel: string): string {
  return `/?${new URLSearchParams({ role, path, channel })}`;
}

function listen() {
  const name = crypto.randomUUID();
  const channel = new BroadcastChannel(name);
  let greet = () => {};
  let give = (_answer: string) => {};
  const hello = new Promise<true>((resolve) => {
    greet = () => resolve(true);
  });
  const answer = new Promise<string>((resolve) => {
    give = resolve;
  });
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.hello) greet();
    if (data.answer !== undefined) give(data.answer);
  };
  return { name, channel, hello, answer };
}

async function answered({ answer, channel }: ReturnType<typeof listen>): Promise<string> {
  const found = await before(ANSWER, answer);
  channel.close();
  if (found === undefined) throw new Error(`the second page did not answer in ${ANSWER} ms`);
  return found;
}

/** What a promise resolves to; undefined if that takes too long. */
function before<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    promise,
    new Promise<undefined>((resolve) => setTimeout(resolve, milliseconds)),
  ]);
}

/** In the second page: plays its role. Undefined as an answer says that this document ends here. */
export async function playRole(
  roles: Readonly<Record<string, (path: string) => Promise<string | undefined>>>,
  given: URLSearchParams,
): Promise<void> {
  const channel = new BroadcastChannel(given.get("channel")!);
  const say = (message: Message) => channel.postMessage(message);
  say({ hello: true });
  const answer = await roles[given.get("role")!]!(given.get("path")!);
  if (answer === undefined) return;
  say({ answer });
  window.close(); // A tab; frames stay.
}
