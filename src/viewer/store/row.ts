/** A row as the database gives it back. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The members whose value the database has: what is unknown is absent, not null. */
export function known<T extends Readonly<Record<string, string | number | null | undefined>>>(
  members: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
