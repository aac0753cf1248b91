#!/usr/bin/env node
import { useSimpleWasm } from "../store/wasmFlags.js";
import { startProgram } from "./program.js";

// Compiled code is only good for the flags that it was made with, and most commands set these.
useSimpleWasm();
startProgram(process.argv[2]);
