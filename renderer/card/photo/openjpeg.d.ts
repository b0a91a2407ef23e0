/** The part of @cornerstonejs/codec-openjpeg that is used; the package brings no types. */
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  type Decoder = {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getDecodedBuffer(): Uint8Array
    getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean }
    delete(): void
  }
  const load: (options: {
    wasmBinary: ArrayBuffer
    print: () => void
    printErr: () => void
  }) => Promise<{ J2KDecoder: new () => Decoder }>
  export default load
}
