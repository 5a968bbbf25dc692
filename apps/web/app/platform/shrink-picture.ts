import { UPLOAD_SIDE_MAX } from '@liventix/contracts/uploads';

export type PictureKind = 'photo' | 'cover';

/** Size to send: a photo's longer side, or what a 4:5 cover is cut from, at most as large as we keep it. Null: as it is. */
export function sizeToSend(width: number, height: number, kind: PictureKind): { width: number; height: number } | null {
  const counted = kind === 'photo' ? Math.max(width, height) : Math.min(width, height * 0.8);
  const most = kind === 'photo' ? UPLOAD_SIDE_MAX : UPLOAD_SIDE_MAX * 0.8;
  if (counted <= most) return null;
  return { width: Math.round((width * most) / counted), height: Math.round((height * most) / counted) };
}

/**
 * A picture as it is sent: phones take 48 megapixels, we keep four. What this browser cannot open, or what is small already, goes as it
 * is, and the server says what it thinks of it.
 */
export async function shrinkPicture(file: File, kind: PictureKind): Promise<Blob> {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const size = sizeToSend(image.naturalWidth, image.naturalHeight, kind);
    const canvas = document.createElement('canvas');
    const context = size && canvas.getContext('2d');
    if (!context) return file;
    canvas.width = size.width;
    canvas.height = size.height;
    // JPEG has no holes; the server fills them with white too.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, size.width, size.height);
    context.drawImage(image, 0, 0, size.width, size.height);
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    return small ?? file;
  } catch {
    return file;
  } finally {
    URL.revokeObjectURL(address);
  }
}
