// What these packages take from Node 22 and Node 20 lacks. Import this before them.
globalThis.WebSocket ??= class {}; // @medplum/core only names it while loading
