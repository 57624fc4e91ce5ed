#!/usr/bin/env node
// The launcher of video-gen: image-gen's, with the command for clips put before the words.
"use strict";

const path = require("node:path");

const isVersion = ["--version", "-V"].includes(process.argv[2]);
if (!isVersion) process.argv.splice(2, 0, "video");
module.exports = require(path.join(__dirname, "image-gen.cjs"));
