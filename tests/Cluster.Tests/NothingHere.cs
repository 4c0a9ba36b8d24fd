// The build of the in-process engine has no clusters to test.
