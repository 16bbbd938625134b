from lianban.doors.cli import main

main()
