// The yardstick of the start-up ratios: Node with nothing to do.
"use strict";
