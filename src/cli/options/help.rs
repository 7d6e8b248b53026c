//! The texts of `--help` (one screen), `-X` (what does not fit there) and `--help-grants`. A test checks that they name
//! only options that exist.

use super::HelpTopic;

pub(crate) fn help_text(topic: HelpTopic) -> &'static str {
    match topic {
        HelpTopic::Common => COMMON,
        HelpTopic::Extra => EXTRA,
        HelpTopic::Grants => GRANTS,
    }
}

const COMMON: &str = "\
Usage: carafe [options] MainClass [args...]           a class on the class path
       carafe [options] -jar FILE.jar [args...]       the main class of a jar
       carafe [options] -m MODULE[/CLASS] [args...]   the main class of a module
       carafe [options] FILE.java [args...]           a source file, compiled in memory
       carafe verify INPUT..., carafe dis FILE.class  look at classes and run nothing
       carafe bench Main [args...]                    compares tiers, and java (these have --help)

Classes and modules
  -cp, --class-path PATHS    directories and jars, separated by ':'; DIR/* means its jars
                             (default: $CLASSPATH, else the current directory)
  -p, --module-path PATHS    modular jars and directories of modules
  --add-modules NAMES        more root modules; --limit-modules NAMES: no others
  --add-exports, --add-opens MODULE/PACKAGE=MODULES    --add-reads MODULE=MODULES
  --patch-module MODULE=PATHS
  --source VERSION           of a source file; --enable-preview for preview features
Properties and assertions
  -Dname=value               set a system property
  -ea, -da[:CLASS|:PACKAGE...]    enable or disable assertions; -esa, -dsa in the library
Grants (a program has none but its own files and a clock)
  --allow-read, --allow-write, --allow-net, --allow-env, --allow-sys...    see --help-grants
  -A                         everything; --policy FILE: what a file says
Memory and execution
  -XmxSIZE, -XmsSIZE         largest and first heap size, as in -Xmx512m
  -XssSIZE                   stack size of Java threads
  -Xint                      interpret only
Information
  -version, --version        print the version and exit (-showversion: and go on)
  -verbose:class             print each class as it is loaded; also gc
  --list-modules, --describe-module NAME, --validate-modules, --show-module-resolution
  --list-natives             print which native methods are implemented
  --dry-run                 load the main class, do not run it
  -X                         print the rarer options
  --help, -h                 print this text
@FILE stands for the words in FILE. CLASSPATH, JDK_JAVA_OPTIONS, JAVA_TOOL_OPTIONS and
_JAVA_OPTIONS are read as by `java`. JAVA_HOME names the JDK 25 to use.
";

const EXTRA: &str = "\
Testing carafe
  -XX:GCStressStride=N       collect garbage at every N-th allocation once the library has started
  -XX:+GCStressBoot          ... and while it starts
  -XX:GCStressRegionBytes=N  regions of the heap are full with so many bytes
  -XX:SafepointDelays=SEED   hold threads up at safepoints and in monitors, for short random times
  -XX:StressDeopt=SEED       at polls and calls, hand compiled frames to the interpreter at random
  -XX:+VerifyHeap            verify the heap before and after each collection
  -XX:VerifyHeapInterval=N   ... every N-th collection
  -XX:-CheckInterpreter      do not check each instruction, in builds with debug assertions
  -XX:MaxSteps=N             end with code 125 when a thread has executed N instructions of its own
Memory and execution
  -XX:MaxRAMPercentage=P     heap size as a share of the machine's memory
  -XX:MaxDirectMemorySize=SIZE    limit of direct buffers
  -XX:MaxMetaspaceSize=SIZE  limit of what classes take
  -XX:ActiveProcessorCount=N      what availableProcessors answers
  -XX:-UseGCOverheadLimit    no OutOfMemoryError for a program that hardly does anything but collect
  -XX:+DisableExplicitGC     System.gc() does nothing
  -XX:+IgnoreUnrecognizedVMOptions    pass by options that are not known
  -Xmixed, -Xcomp, -Xbatch   as -XX:TieredStopAtLevel says, all at the first call, and wait for it
  -XX:TieredStopAtLevel=N    1: compile methods that are hot; 0 (default): interpret
  -XX:CompileThreshold=N     ... after N calls; loops after 10 N iterations
  -XX:CompileCommand=exclude,PATTERN  ... but not these: Class::method, Class.*; or compileonly
  -XX:+PerfMap, -XX:+PerfJitDump  names of compiled code for perf, or the code itself, in /tmp
  -XX:StatisticsFile=FILE    at the end, what was compiled, how long it took and how large it is
  -Xrs                       leave HUP, INT and TERM to the system
  -Xverify:all               verify the classes of the JDK image, too
  --finalization=disabled    do not run finalizers
Classes and modules
  -Xbootclasspath/a:PATHS    directories and jars to search after the JDK image
  --upgrade-module-path PATHS     modules that replace the image's
  --enable-native-access NAMES, --illegal-native-access=allow|warn|deny
  --sun-misc-unsafe-memory-access=allow|warn|debug|deny
  --disable-@files           take @FILE literally from here on
Information
  -Xlog:WHAT[:OUTPUT[:DECORATORS]]    of class+load, class+unload, gc, gc+heap, gc+init, gc+ref,
                             gc+metaspace, jit+compilation, perf+class+link, safepoint, sandbox
  -XX:+HeapDumpOnOutOfMemoryError, -XX:HeapDumpPath=PATH, -XX:+PrintClassHistogram
  -XshowSettings[:all|locale|properties|security|system|vm]
  -Xdiag                     more about errors at start
  -fullversion, --full-version
";

const GRANTS: &str = "\
Grants and denials come with values behind '=' (separated by ',') or without, which means the whole
kind. For each --allow-read and so on there is a --deny-read, and a denial wins.

  --allow-read, --allow-write       files and folders, with all that is in them
  --allow-net                       HOST:PORT, *.DOMAIN:PORT, NETWORK/BITS:PORT, or without a port
  --allow-listen                    the same, for addresses of this machine
  --allow-dns                       names that may be looked up
  --allow-env                       environment variables; NAME* stands for all that begin so
  --allow-run                       programs, with any arguments or with those that follow the name
  --allow-sys                       cpu, directory, hostname, interfaces, loadavg, locale, memory,
                                    os, pid, process, processors, timezone, user
  --allow-clock                     real (as without it), fixed:MILLISECONDS, coarse:MILLISECONDS
  --allow-random                    real or seeded:NUMBER
  --allow-signal                    signals, as in WINCH
  --allow-terminal, --allow-ffi     echo of the terminal; native code
  -A, --allow-all                   everything, as under java
  --policy FILE                     the same in TOML: tables [allow] and [deny] with kinds
  --require-kernel-sandbox          do not run where the kernel cannot keep this too (-Xlog:sandbox)
  --learn FILE                      grants everything, and writes the policy that would have done
  --audit FILE                      appends each decision to the file, as a line of JSON
  --prompt                          asks at the terminal before it refuses

Limits
  --max-heap SIZE, --max-metaspace SIZE, --max-stack SIZE, --max-threads N, --max-files N
                                    beyond them is an error of Java's
  --max-code SIZE                   compiled code; what does not fit is interpreted
  --max-cpu TIME, --max-time TIME, --max-output SIZE
                                    end the program with code 121, 122, 123
";
