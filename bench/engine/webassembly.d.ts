/** What the engine uses of WebAssembly: Node.js has it, the types of Node.js do not name it. */
declare namespace WebAssembly {
  class Module {
    constructor(code: Uint8Array);
  }
  class Memory {
    constructor(size: { readonly initial: number });
    /** Another one after each `grow`. */
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, (...numbers: readonly number[]) => number>>;
  }
}
