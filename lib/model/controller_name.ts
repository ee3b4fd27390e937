/**
 * A name that stands in every certificate that a controller makes for itself. Agents that pin the mesh's own CA ask for
 * it, because that CA signs nothing but controllers: by which address one is reached does not matter then.
 */
export const CONTROLLER_NAME = "controller.meshover.internal";
