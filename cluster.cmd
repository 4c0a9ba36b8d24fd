@echo off
rem Builds the command in Release, compiled ahead of time, when a source is newer than the last build, then runs it.
setlocal
set "ROOT=%~dp0"
set "ARTIFACTS=%ROOT%artifacts"
set "PROGRAM=%ARTIFACTS%\program\cluster.dll"
set "STAMP=%ARTIFACTS%\cluster.stamp"
powershell -NoProfile -Command "$s = Get-Item -ErrorAction SilentlyContinue $env:STAMP; if (!$s -or !(Test-Path $env:PROGRAM)) { exit 1 }; $r = $env:ROOT; $newer = Get-ChildItem -Recurse \"${r}src\", \"${r}samples\", \"${r}Directory.*.props\", \"${r}global.json\" | Where-Object { $_.LastWriteTimeUtc -gt $s.LastWriteTimeUtc } | Select-Object -First 1; if ($newer) { exit 1 }"
if not errorlevel 1 goto run
where dotnet >nul 2>nul || (echo cluster: needs the .NET 10 SDK: https://dotnet.microsoft.com/download>&2 & exit /b 1)
echo building...>&2
if not exist "%ARTIFACTS%" mkdir "%ARTIFACTS%"
type nul >"%STAMP%.new"
pushd "%ROOT%"
set PUBLISH=dotnet publish src\Cli -c Release -p:RunAnalyzers=false -p:UseAppHost=false -o "%ARTIFACTS%\program" -nologo -v:quiet -tl:off -nodeReuse:false
%PUBLISH% --use-current-runtime --self-contained false -p:PublishReadyToRun=true >"%ARTIFACTS%\cluster.log" 2>&1
if not errorlevel 1 goto built
rem A feed may lack the compiler that works ahead of time, and not every machine has one: the program then starts more slowly.
findstr /r "NU1[0-9][0-9][0-9] NETSDK1094" "%ARTIFACTS%\cluster.log" >nul && %PUBLISH% >"%ARTIFACTS%\cluster.log" 2>&1
if errorlevel 1 (type "%ARTIFACTS%\cluster.log">&2 & echo cluster: the build failed ^(see above^).>&2 & popd & exit /b 1)
:built
popd
move /y "%STAMP%.new" "%STAMP%" >nul
:run
set "ORLEANSCLUSTER_COMMAND=%~nx0"
rem Code pages are written once and not guarded against their writer, which saves a twentieth of every start.
if not defined DOTNET_EnableWriteXorExecute set DOTNET_EnableWriteXorExecute=0
rem What stays long enough to be compiled again by what it does most answers a question in two thirds of the time.
if not defined DOTNET_TieredPGO echo.%* | findstr /r "\<silo\> \<up\> \<serve\> \<web\> \<open\>" >nul && set DOTNET_TieredPGO=1
rem Short commands compile loops quickly, and again when they turn out to be hot; those that train compile them well at once.
if defined DOTNET_TC_QuickJitForLoops goto start
set DOTNET_TC_QuickJitForLoops=1
echo.%* | findstr /r "\<train\> \<retrain\> \<resume\> \<demo\> \<silo\> \<up\> \<serve\> \<open\>" >nul && set DOTNET_TC_QuickJitForLoops=0
rem They leave little behind: what they allocate before the first collection need not be as much as the processor's cache holds.
if %DOTNET_TC_QuickJitForLoops%==1 if not defined DOTNET_GCgen0size set DOTNET_GCgen0size=0x400000
:start
dotnet "%PROGRAM%" %*
exit /b %errorlevel%
