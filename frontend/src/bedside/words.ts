/* Words come from the page, which speaks the reader's language; what it does not say is said as it stands here. */
export type Words = Record<string, string>;

export function wordsOf(place: Element | null | undefined): Words {
  const said = place instanceof HTMLElement ? place.dataset.words : undefined;
  return said ? (JSON.parse(said) as Words) : {};
}

/* A sentence with its {name} filled in. */
export function filled(sentence: string, values: Record<string, unknown>): string {
  return sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}
