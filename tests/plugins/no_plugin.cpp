/// A shared library that has nothing to do with Spillway.
extern "C" int answer() { return 42; }
