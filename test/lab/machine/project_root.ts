import { fileURLToPath } from "node:url";

/** Folder of the project, without a slash at the end. */
export const PROJECT_ROOT: string = fileURLToPath(new URL("../../..", import.meta.url)).replace(
  /\/$/,
  "",
);

/** Folder of what the lab caches: images, disks, folders of running machines. Nothing in it is worth keeping. */
export const LAB_DIR = `${PROJECT_ROOT}/.lab`;
