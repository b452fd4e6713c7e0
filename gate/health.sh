# The health check: prints the gate's line, and succeeds while a broker runs that
# has answered. The gate writes the line anew, so it may be missing for a moment.

hear() {
	line='' beam=''
	{ read -r line <"$state"; } 2>/dev/null
}
hear || { sleep 1 && hear; }
echo "${line:-no word from the gate in $state}"
case $line in
'running '*) look && [ -n "$beam" ] ;;
*) false ;;
esac
