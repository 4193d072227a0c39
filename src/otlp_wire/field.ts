/** How a field occurs: as a list, with explicit presence, or as a member of the named choice; else once. */
export type FieldRule = "repeated" | "optional" | `choice ${string}`;

/** One row of a field table: number on the wire, scalar type or short message name, and how it occurs. */
export type FieldRow = readonly [id: number, type: string, rule?: FieldRule];

/** One message: its fields by their JSON names. */
export type MessageTable = Readonly<Record<string, FieldRow>>;
