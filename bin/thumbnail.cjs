// The process that shrinks pictures for agents: started by image-gen mcp, with its pipes as standard input and output. Not a command.
"use strict";

const path = require("node:path");
const { createLoader } = require("./load-cached.cjs");

const { serveShrinking } = createLoader().load(path.join(__dirname, "../dist/cli/thumbnails/shrink-pictures.cjs"));
void serveShrinking(process.stdin, process.stdout);
