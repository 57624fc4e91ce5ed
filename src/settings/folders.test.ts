import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { expect, test } from "vitest";
import { findFolders } from "./folders.ts";

test("IMAGE_GEN_HOME holds all of them", () => {
  expect(findFolders({ IMAGE_GEN_HOME: "own" }, "/somewhere")).toEqual({
    configFile: "/somewhere/own/config.json",
    modelsFile: "/somewhere/own/models.json",
    stylesDirectory: "/somewhere/own/styles",
    stateDirectory: "/somewhere/own/state",
  });
});

test("without it they are below the home folder", () => {
  const { configFile, stateDirectory } = findFolders({}, "/somewhere");
  expect(configFile.startsWith(join(homedir(), "/"))).toBe(true);
  expect(isAbsolute(stateDirectory)).toBe(true);
});
