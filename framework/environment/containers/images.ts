import type { Engine } from './engine.ts'

/** Whether an image is with the engine, so that nothing need be pulled. */
export interface ImageFinding {
  readonly image: string
  readonly isHere: boolean
}

/** Asks the engine for images by name; no registry is asked. */
export function lookForImages(engine: Engine, images: readonly string[]): Promise<ImageFinding[]> {
  const looks = images.map(async (image) => ({
    image,
    isHere: await engine.docker
      .getImage(image)
      .inspect()
      .then(
        () => true,
        () => false,
      ),
  }))
  return Promise.all(looks)
}
