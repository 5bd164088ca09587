# The whole round with PowerShell 7: who am I, a file up, follow the run, fetch what failed, read what happened.
#   $env:TIEOUT_URL = 'https://tieout.example.com'; $env:TIEOUT_KEY = 'tk_...'; ./Tieout.ps1 stock stock.csv
param(
    [Parameter(Mandatory)] [string] $Workflow,
    [Parameter(Mandatory)] [string] $File,
    [string] $CursorFile = 'events.cursor'
)
$ErrorActionPreference = 'Stop'

function Invoke-Tieout([string] $Path, [hashtable] $Options = @{}) {
    $headers = @{ 'X-API-Key' = $env:TIEOUT_KEY } + ($Options.Headers ?? @{})
    $request = @{ Uri = "$env:TIEOUT_URL$Path"; TimeoutSec = 120; MaximumRetryCount = 5; RetryIntervalSec = 2 } + $Options
    $request.Headers = $headers
    Invoke-RestMethod @request
}

"client: $((Invoke-Tieout '/v1/caller').client)"

# Made of the content: the same file sent twice, by a repeat or by mistake, has its effect once.
$hash = (Get-FileHash -Algorithm SHA256 $File).Hash
$run = Invoke-Tieout "/v1/workflows/$Workflow/records" @{
    Method      = 'Post'
    Headers     = @{ 'Idempotency-Key' = "$Workflow-$hash"; Prefer = 'respond-async' }
    ContentType = 'text/csv'
    InFile      = $File
}

# Each call waits up to 50 seconds for the end; nothing has to reach this machine from outside.
do { $run = Invoke-Tieout "/v1/runs/$($run.id)?wait=50" } until ($run.over)
"run $($run.id): $($run.state)"

# Correct it and send it as it is.
Invoke-Tieout "/v1/runs/$($run.id)/records/failed" @{ OutFile = 'failed.csv' }
"failed rows: $((Get-Content failed.csv).Count - 1)"

# The cursor is saved when the events have been dealt with.
$query = if (Test-Path $CursorFile) { "?after=$([uri]::EscapeDataString((Get-Content -Raw $CursorFile).Trim()))" } else { '' }
$events = Invoke-Tieout "/v1/events$query"
"events: $($events.items.Count)"
Set-Content -NoNewline $CursorFile $events.next
