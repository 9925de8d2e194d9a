// A CommonJS Nest plug-in that requires the ESM core inside an import cycle fails; loading the core first avoids it.
import '@nestjs/common';
import '@nestjs/core';
import 'reflect-metadata';
