#!/usr/bin/env node
// The launcher of video-gen: image-gen's, with the command for clips put before the words.
"use strict";

const path = require("node:path");

const [first, ...rest] = process.argv.slice(2);
if (first === "help") process.argv.splice(2, process.argv.length, "help", "video", ...rest);
else if (first !== "--version" && first !== "-V") process.argv.splice(2, 0, "video");
module.exports = require(path.join(__dirname, "image-gen.cjs"));
