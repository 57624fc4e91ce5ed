import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { expect, test } from "vitest";
import { findFolders } from "./folders.ts";

test("IMAGE_GEN_HOME holds all of them", () => {
  expect(findFolders({ IMAGE_GEN_HOME: "own" }, "/work")).toEqual({
    configFile: "/work/own/config.json",
    modelsFile: "/work/own/models.json",
    stylesDirectory: "/work/own/styles",
    stateDirectory: "/work/own/state",
  });
});

test("without it they are below the home folder", () => {
  const { configFile, stateDirectory } = findFolders({}, "/work");
  expect(configFile.startsWith(join(homedir(), "/"))).toBe(true);
  expect(isAbsolute(stateDirectory)).toBe(true);
});
