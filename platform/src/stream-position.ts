const positions = new WeakMap<object, number>();

/**
 * Says that whoever has had this event of a subscription knows all up to a position. Streams of equal rights that were
 * asked for the same are the same from there on, and the gateway makes one of them; so the last part of several that
 * belong together has the position, and what it is of has no two states at one.
 */
export function atPosition<Event extends object>(event: Event, position: number): Event {
  positions.set(event, position);
  return event;
}

/** How far an event takes whoever has it; undefined where that is not said. */
export function positionOf(event: unknown): number | undefined {
  return typeof event === 'object' && event !== null ? positions.get(event) : undefined;
}
