@echo off
rem Builds the command in Release when a source is newer than the last build, then runs it.
setlocal
set "ROOT=%~dp0"
if "%ENGINE%"=="" set "ENGINE=Embedded"
set "ARTIFACTS=%ROOT%artifacts\%ENGINE%"
set "PROGRAM=%ARTIFACTS%\bin\OrleansCluster.Cli\release\cluster.dll"
set "STAMP=%ARTIFACTS%\cluster.stamp"
powershell -NoProfile -Command "$s = Get-Item -ErrorAction SilentlyContinue $env:STAMP; if (!$s -or !(Test-Path $env:PROGRAM)) { exit 1 }; $r = $env:ROOT; $newer = Get-ChildItem -Recurse \"${r}src\", \"${r}samples\", \"${r}Directory.*.props\", \"${r}global.json\" | Where-Object { $_.LastWriteTimeUtc -gt $s.LastWriteTimeUtc } | Select-Object -First 1; if ($newer) { exit 1 }"
if not errorlevel 1 goto run
where dotnet >nul 2>nul || (echo cluster: needs the .NET 10 SDK: https://dotnet.microsoft.com/download>&2 & exit /b 1)
echo building...>&2
if not exist "%ARTIFACTS%" mkdir "%ARTIFACTS%"
type nul >"%STAMP%.new"
pushd "%ROOT%"
dotnet build src\Cli -c Release "-p:Engine=%ENGINE%" -nologo -v:quiet -tl:off -nodeReuse:false >"%ARTIFACTS%\cluster.log" 2>&1
if errorlevel 1 (type "%ARTIFACTS%\cluster.log">&2 & echo cluster: the build failed ^(see above^).>&2 & popd & exit /b 1)
popd
move /y "%STAMP%.new" "%STAMP%" >nul
:run
set "ORLEANSCLUSTER_COMMAND=%~nx0"
dotnet "%PROGRAM%" %*
exit /b %errorlevel%
