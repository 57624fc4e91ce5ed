// What is used of libheif-js 1.23.2: its functions as they are. Its wrapper around them has no types and prints.

declare module "libheif-js/libheif-wasm/libheif-bundle.js" {
  /** Things of the C library's, known by their identity only. */
  type Handle = object;

  interface DecodedImage {
    readonly image: Handle;
    readonly channels: readonly {
      readonly id: Handle;
      readonly width: number;
      readonly height: number;
      /** Bytes from one line to the next. */
      readonly stride: number;
      readonly data: Uint8Array;
    }[];
  }

  /** An error has `code`; what was asked for has none. */
  interface Failure {
    readonly code: Handle;
  }

  interface Libheif {
    readonly heif_error_code: { readonly heif_error_Ok: Handle };
    readonly heif_colorspace: { readonly heif_colorspace_RGB: Handle };
    readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: Handle };
    readonly heif_channel: { readonly heif_channel_interleaved: Handle };
    heif_context_alloc(): Handle;
    heif_context_free(context: Handle): void;
    heif_context_read_from_memory(context: Handle, bytes: Uint8Array): Failure;
    heif_js_context_get_primary_image_handle(context: Handle): Handle | Failure;
    heif_image_handle_release(handle: Handle): void;
    heif_js_decode_image2(handle: Handle, space: Handle, chroma: Handle): Promise<DecodedImage | Failure>;
    heif_image_release(image: Handle): void;
  }

  /** A new instance with memory of its own. */
  export default function createLibheif(options: { print(line: string): void; printErr(line: string): void }): Libheif;
}
