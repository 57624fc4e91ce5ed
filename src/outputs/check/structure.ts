// What a structure check is, and what it finds.

export interface StructureFinding {
  readonly width: number;
  readonly height: number;
  /** What is wrong, half a sentence; `null` for a whole picture. */
  readonly damage: string | null;
  /** Bytes after the picture's own end. */
  readonly trailingBytes: number;
  /** The file carries a C2PA provenance mark, which any change of the bytes breaks. */
  readonly hasProvenance: boolean;
}

/** Walks through a picture's structure while its bytes arrive in any pieces; holds a few bytes only. */
export interface StructureCheck {
  write(bytes: Buffer): void;
  end(): StructureFinding;
}
